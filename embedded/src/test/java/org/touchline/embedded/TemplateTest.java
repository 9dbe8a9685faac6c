package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    @Test
    void everyPartOfOurOwnTemplateIsRead() {
        // when
        var template =
                Template.read(Path.of(System.getProperty("touchline.root"), "template.yaml"), "touchline", Map.of());

        // then
        var webhook = template.function("UserLicenseWebhookFunction");
        assertEquals(List.of(new Template.Route("POST", "/webhooks/user-license-update", false)), webhook.routes());
        assertEquals("touchline-LicenseStoreTable", webhook.environment().get("LICENSE_STORE_TABLE"));
        for (var function : template.functions()) {
            assertTrue(function.handler().startsWith("org.touchline.functions."), function.handler());
        }
        assertNotNull(template.table("LicenseStoreTable"));
        assertEquals(
                "{\"current\":\"replace-me\"}",
                template.secret("WebhookKeysSecret").initialValue());
    }

    @Test
    void parameterWithoutValueAndDefaultIsRefused() {
        // given
        var yaml = """
                Parameters:
                  Stage: {Type: String}
                Resources: {}
                """;

        // when
        var refusal = assertThrows(TemplateException.class, () -> YamlTemplate.read(yaml));

        // then
        assertEquals("Parameters.Stage: has neither a value nor a default", refusal.getMessage());
        assertEquals(
                "live",
                YamlTemplate.read(yaml, Map.of("Stage", "live")).parameters().get("Stage"));
    }

    @Test
    void valueWithoutParameterIsRefused() {
        // when
        var refusal = assertThrows(
                TemplateException.class, () -> YamlTemplate.read("Resources: {}", Map.of("Stage", "live")));

        // then
        assertEquals("Parameters: there is no parameter Stage", refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {Type: String, AllowedPattern: '[a-z]*'}     ; abc ; abc1
            {Type: String, AllowedValues: [a, b]}        ; b   ; c
            {Type: Number, AllowedValues: [1, 5]}        ; 5   ; 2
            {Type: Number, MinValue: 2, MaxValue: 10}    ; 10  ; 11
            {Type: Number, MinValue: 2, MaxValue: 10}    ; 2   ; 1
            {Type: Number}                               ; 1.5 ; one
            {Type: String, MinLength: 2, MaxLength: 3}   ; abc ; abcd
            {Type: CommaDelimitedList, AllowedValues: [a, b]} ; a, b ; a, c
            """, quoteCharacter = '~')
    void constraintsOfAParameterAreKept(String parameter, String good, String bad) {
        // given
        var yaml = "{Parameters: {It: " + parameter + "}, Resources: {}}";

        // when
        var accepted = YamlTemplate.read(yaml, Map.of("It", good));
        var refusal = assertThrows(TemplateException.class, () -> YamlTemplate.read(yaml, Map.of("It", bad)));

        // then
        assertEquals(good, accepted.parameters().get("It"));
        assertEquals("Parameters.It: refuses its value", refusal.getMessage());
    }

    @Test
    void globalsAreMergedIntoFunctionsAsSamDoes() {
        // given
        var template = YamlTemplate.read("""
                Globals:
                  Function:
                    Handler: a.B
                    Timeout: 20
                    Tags: {Owner: us, Stage: test}
                    Layers: [one]
                Resources:
                  It:
                    Type: AWS::Serverless::Function
                    Properties:
                      Timeout: 900
                      Tags: {Stage: live}
                      Layers: [two]
                  Plain: {Type: Test::Function, Properties: {Timeout: 1}}
                """);

        // when
        var properties = template.resource("It");

        // then
        assertEquals(
                Map.of(
                        "Handler",
                        "a.B",
                        "Timeout",
                        900,
                        "Tags",
                        Map.of("Owner", "us", "Stage", "live"),
                        "Layers",
                        List.of("one", "two")),
                properties);
        assertEquals(Map.of("Timeout", 1), template.resource("Plain"));
    }

    @Test
    void anchorsStandForWhatTheyNameAndDatesStayText() {
        // given
        var template = YamlTemplate.read("""
                Resources:
                  One: {Type: Test::It, Properties: &shared {Version: 2012-10-17}}
                  Two: {Type: Test::It, Properties: *shared}
                """);

        // when
        var two = template.resource("Two");

        // then
        assertEquals(Map.of("Version", "2012-10-17"), two);
    }

    @Test
    void keysAreTextWhateverTheyLookLike() {
        // given
        var template = YamlTemplate.read("Resources: {On: {Type: Test::It, Properties: {1: a, no: b, null: c}}}");

        // when
        var properties = template.resource("On");

        // then
        assertEquals(Map.of("1", "a", "no", "b", "null", "c"), properties);
    }

    @Test
    void mergeKeysTakeInWhatTheyName() {
        // given
        var template = YamlTemplate.read("""
                Resources:
                  One: {Type: Test::It, Properties: &base {A: 1, B: 2}}
                  Two: {Type: Test::It, Properties: {<<: *base, B: 3}}
                """);

        // when
        var properties = template.resource("Two");

        // then
        assertEquals(Map.of("A", 1, "B", 3), properties);
    }

    @Test
    void templateThatIsNotYamlIsRefusedWithItsPlace() {
        // when
        var refusal = assertThrows(
                TemplateException.class, () -> YamlTemplate.read("Resources:\n  A: {Type: x}\n  A: {Type: y}\n"));

        // then
        assertTrue(refusal.getMessage().contains("line 3"), refusal.getMessage());
    }

    @Test
    void fileThatIsMissingIsNamed() {
        // when
        var failure = assertThrows(
                UncheckedIOException.class, () -> Template.read(Path.of("no-such.yaml"), "demo", Map.of()));

        // then
        assertTrue(failure.getMessage().contains("no-such.yaml"), failure.getMessage());
    }

    @Test
    void nameOfItsOwnIsRefused() {
        // given
        var yaml = "{Resources: {It: {Type: AWS::DynamoDB::Table, Properties: {TableName: members}}}}";

        // when
        var refusal = assertThrows(TemplateException.class, () -> YamlTemplate.read(yaml));

        // then
        assertEquals("Resources.It.Properties.TableName", refusal.place());
    }

    @Test
    void unknownLogicalIdIsRefused() {
        // given
        var template = YamlTemplate.read("Resources: {}");

        // then
        assertThrows(TemplateException.class, () -> template.function("Nowhere"));
        assertThrows(TemplateException.class, () -> template.table("Nowhere"));
        assertThrows(TemplateException.class, () -> template.secret("Nowhere"));
        assertThrows(TemplateException.class, () -> template.resource("Nowhere"));
    }
}
