package org.touchline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package of this module imports which, read from the class files (design §2). */
class PackagesTest {
    private static final String ROOT = "org.touchline";

    /** From the lowest up: a package imports only what is in a lower line. {@code docs/architecture.md} draws just this. */
    private static final List<List<String>> LINES = List.of(
            List.of("time", "dynamodb", "secret"),
            List.of("license", "quarantine", "schedule", "oauth"),
            List.of("learningcenter", "member"),
            List.of("learningcenter.wire", "followup"),
            List.of("learningcenter.session"),
            List.of("learningcenter.client"),
            List.of("catalog"),
            List.of("change"),
            List.of("person", "reconciliation", "subscription"),
            List.of("enrollment", "statement", "lookup"),
            List.of("followup.work", "webhook"),
            List.of("golive", "status"),
            List.of("lambda"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importLocations(List.of(
                    Location.of(Json.class.getProtectionDomain().getCodeSource().getLocation())));

    @Test
    void everyPackageHasItsLine() {
        var packages = new TreeSet<String>();
        CLASSES.forEach(each -> packages.add(nameOf(each.getPackageName())));
        var lines = new TreeSet<>(LINES.stream().flatMap(List::stream).toList());
        lines.add("");
        assertEquals(lines, packages);
        assertTrue(CLASSES.size() > 300, "all class files are read");
    }

    @Test
    void noPackagesImportEachOther() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void importsRunDown() {
        assertEquals(List.of(), importsUp(LINES));
        assertTrue(importsUp(LINES.reversed()).size() > 100, "the other way round they would run up, and be seen");
    }

    @Test
    void onlyTheAdapterKnowsOfLambda() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".lambda")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".lambda", "com.amazonaws..")
                .check(CLASSES);
    }

    @Test
    void thePictureShowsTheLines() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "architecture.md"));
        var drawn = page.substring(page.indexOf("<!-- BEGIN packages"), page.indexOf("<!-- END packages"))
                .lines()
                .filter(line -> line.matches("  l\\d+\\[\".*\"\\]"))
                .map(line -> List.of(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))
                        .split(" · ")))
                .toList();
        assertEquals(LINES.reversed(), drawn);
    }

    /** What is imported from the same line or a higher one. */
    private static List<String> importsUp(List<List<String>> lines) {
        var heights = heights(lines);
        return CLASSES.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .flatMap(dependency -> {
                    var from = nameOf(dependency.getOriginClass().getPackageName());
                    var to = nameOf(dependency.getTargetClass().getPackageName());
                    var isOurs = heights.containsKey(to) && !from.equals(to);
                    return isOurs && heights.getOrDefault(from, 0) <= heights.getOrDefault(to, 0)
                            ? Stream.of(dependency.getDescription())
                            : Stream.empty();
                })
                .distinct()
                .toList();
    }

    private static Map<String, Integer> heights(List<List<String>> lines) {
        var heights = new HashMap<String, Integer>();
        var all = new ArrayList<>(lines);
        all.addFirst(List.of(""));
        for (var height = 0; height < all.size(); height++) {
            for (var name : all.get(height)) {
                heights.put(name, height);
            }
        }
        return heights;
    }

    /** Without {@code org.touchline}: empty for what all use; a name that is no package of ours for others' packages. */
    private static String nameOf(String packageName) {
        return packageName.equals(ROOT)
                ? ""
                : packageName.startsWith(ROOT + ".") ? packageName.substring(ROOT.length() + 1) : packageName;
    }
}
