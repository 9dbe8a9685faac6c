package org.touchline.console;

import java.util.concurrent.TimeUnit;

/** Of a program that Maven starts (exec-maven-plugin). */
public final class StartedByMaven {
    private StartedByMaven() {}

    /**
     * Has the reason be the last line: of a program that fails, Maven itself has thirty to say, and no setting for fewer. It ends as
     * by Ctrl-C, and the shell sees that something failed.
     */
    public static void end() {
        if (Boolean.getBoolean("touchline.startedByMaven")) {
            ProcessHandle.current().parent().ifPresent(maven -> {
                maven.destroy();
                // To end before it does would let it speak.
                maven.onExit().completeOnTimeout(maven, 10, TimeUnit.SECONDS).join();
            });
        }
    }
}
