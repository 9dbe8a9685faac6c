package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which module imports which, read from the class files: arrows run one way (design §2). Here, since this module stands on all others. */
class ModulesTest {
    /** What each may import beside itself. Of functions, each is a module of its own, and imports no other. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.of(
            "shared", Set.of(),
            "embedded", Set.of(),
            "functions", Set.of("shared"),
            "console", Set.of(),
            "local", Set.of("functions", "shared", "embedded", "console"),
            "benchmarks", Set.of("functions", "shared", "embedded", "console", "local"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.touchline");

    @Test
    void arrowsRunOneWay() {
        var wrong = CLASSES.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isOurs(dependency.getTargetClass()))
                .filter(dependency -> {
                    var from = house(dependency.getOriginClass());
                    var to = house(dependency.getTargetClass());
                    return !from.equals(to) && !MAY_IMPORT.get(from).contains(to);
                })
                .map(dependency -> dependency.getDescription())
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void noFunctionImportsAnother() {
        var wrong = CLASSES.stream()
                .filter(each -> house(each).equals("functions"))
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> isOurs(dependency.getTargetClass()))
                .filter(dependency -> house(dependency.getTargetClass()).equals("functions"))
                .filter(dependency -> !module(dependency.getOriginClass()).equals(module(dependency.getTargetClass())))
                .map(dependency -> dependency.getDescription())
                .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void allModulesAreRead() {
        assertEquals(
                MAY_IMPORT.keySet(), CLASSES.stream().map(ModulesTest::house).collect(Collectors.toSet()));
        var functions = CLASSES.stream()
                .filter(each -> house(each).equals("functions"))
                .map(ModulesTest::module)
                .collect(Collectors.toSet());
        assertTrue(functions.size() >= 18, () -> "each function is where it was compiled: " + functions);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("org.touchline");
    }

    private static String house(JavaClass type) {
        var rest = type.getPackageName().substring("org.touchline".length());
        var first = rest.isEmpty() ? "" : rest.substring(1).split("\\.")[0];
        return MAY_IMPORT.containsKey(first) ? first : "shared";
    }

    /** Where its class file is: a folder of classes, or a jar. */
    private static String module(JavaClass type) {
        var file =
                type.getBaseComponentType().getSource().orElseThrow().getUri().toString();
        return file.substring(0, file.lastIndexOf("/org/touchline/"));
    }
}
