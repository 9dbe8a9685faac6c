package org.touchline.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.touchline.embedded.EmbeddedStack;

/**
 * A shell in which {@code aws} is a script: it notes how it was called, invokes the functions of a local run as {@code aws lambda
 * invoke} does, knows outputs, names and parameters of a stack, hands {@code dynamodb} on to the real AWS CLI and DynamoDB Local, and
 * says nothing to everything else.
 */
final class AwsStandIn {
    private static final String SCRIPT = """
            #!/bin/sh
            echo "${AWS_MAX_ATTEMPTS:-} $*" >> "$NOTES"
            command="$1 $2"
            key=$(printf %s "$*" | sed -n "s/.*Key=='\\\\([A-Za-z]*\\\\)'.*/\\\\1/p")
            case $command in
              'lambda invoke')
                while [ $# -gt 1 ]; do
                  case $1 in --function-name) function=$2 ;; --payload) payload=${2#fileb://} ;; esac
                  shift
                done
                error=$(curl -sS -D - -o "$1" "$LAMBDA/2015-03-31/functions/$function/invocations" --data-binary "@$payload") || exit
                error=$(printf '%s\\n' "$error" | tr -d '\\r' | sed -n 's/^x-amz-function-error: //Ip')
                echo "${error:-None}"
                ;;
              'cloudformation describe-stack-resource')
                name=$(printf %s "$*" | sed 's/.*--logical-resource-id \\([A-Za-z]*\\).*/\\1/')
                case $name in *Table) echo "touchline-$name" ;; *) echo "$name" ;; esac
                ;;
              'cloudformation describe-stacks')
                case $* in
                  *another-stack*) echo 'An error occurred (ValidationError): Stack with id another-stack does not exist' >&2; exit 254 ;;
                  *"ParameterKey!="*) printf 'AlarmEmail\\nTimeZone\\n' ;;
                  *ParameterKey==*) printf '%s\\tX-Access-Token\\n' "$key" ;;
                  *OutputKey==\\'Nothing*) ;;
                  *) echo "arn:of:$key" ;;
                esac
                ;;
              'dynamodb restore-table-to-point-in-time' | 'dynamodb wait') ;;
              'dynamodb '*) exec "$REAL_AWS" --endpoint-url "$DYNAMODB" "$@" ;;
              'secretsmanager get-secret-value') printf '%s\\n' "${SECRET:-{\\"current\\":\\"key\\"}}" ;;
              'sns list-subscriptions-by-topic') printf '%b' "${SUBSCRIPTIONS:-}" ;;
            esac
            """;

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();

    /** What a command printed, and how it ended. */
    record Result(int exitCode, String out, String err) {}

    AwsStandIn(Path folder) throws IOException {
        this.folder = folder;
        executable("aws", SCRIPT);
        executable("sam", "#!/bin/sh\necho \"sam $*\" >> \"$NOTES\"\n");
        environment.put("PATH", folder + ":" + System.getenv("PATH"));
        environment.put("NOTES", folder.resolve("notes").toString());
        environment.put("AWS_REGION", IamGateway.REGION);
        // Version 1 of the AWS CLI knows the second only.
        environment.put("AWS_DEFAULT_REGION", IamGateway.REGION);
        environment.put("AWS_ACCESS_KEY_ID", IamGateway.ACCESS_KEY_ID);
        environment.put("AWS_SECRET_ACCESS_KEY", IamGateway.SECRET_ACCESS_KEY);
        environment.put("AWS_SESSION_TOKEN", IamGateway.SESSION_TOKEN);
    }

    private void executable(String name, String script) throws IOException {
        var file = Files.writeString(folder.resolve(name), script);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("not executable: " + file);
        }
    }

    /** With that variable. */
    AwsStandIn with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** In front of that run. */
    AwsStandIn inFrontOf(LocalRun.Endpoints endpoints) {
        return with("API_URL", endpoints.api().toString())
                .with("LAMBDA", endpoints.lambda().toString())
                .with("DYNAMODB", endpoints.dynamoDb().toString());
    }

    Map<String, String> environment() {
        return environment;
    }

    /** How {@code aws} was called, a line a call: AWS_MAX_ATTEMPTS, a space, and the arguments. */
    List<String> notes() throws IOException {
        var notes = folder.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : new ArrayList<>();
    }

    /** Runs commands in the project's folder, after {@code bin/stack.sh} and {@code STACK=touchline-staging}. */
    Result run(String commands) throws IOException, InterruptedException {
        return run(EmbeddedStack.projectRoot(), ". bin/stack.sh; STACK=touchline-staging\n" + commands, environment);
    }

    /** Runs a script of bash. */
    static Result run(Path folder, String script, Map<String, String> environment)
            throws IOException, InterruptedException {
        var scratch = Files.createTempDirectory("shell");
        var file = Files.writeString(scratch.resolve("script"), script);
        var out = scratch.resolve("out");
        var err = scratch.resolve("err");
        var builder = new ProcessBuilder("bash", file.toString())
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equals("STACK"));
        builder.environment().putAll(environment);
        var bash = builder.start();
        bash.getOutputStream().close();
        try {
            if (!bash.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("it hangs after " + Files.readString(out) + Files.readString(err));
            }
        } finally {
            bash.destroyForcibly();
        }
        return new Result(bash.exitValue(), Files.readString(out), Files.readString(err));
    }
}
