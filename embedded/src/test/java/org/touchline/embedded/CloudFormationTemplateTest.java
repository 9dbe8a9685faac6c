package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudFormationTemplateTest {
    private static final String TEMPLATE = """
            AWSTemplateFormatVersion: "2010-09-09"
            Transform: AWS::Serverless-2016-10-31
            Parameters:
              Days: {Type: Number, Default: 5}
            Globals:
              Function: {Timeout: 20}
            Resources:
              Worker:
                Type: AWS::Serverless::Function
              Things:
                Type: AWS::DynamoDB::Table
                DeletionPolicy: Retain
                Properties:
                  Name: !Sub ${Days}-things
                  Stream: {View: ALL}
            Outputs:
              Arn: {Value: !GetAtt Worker.Arn}
            """;

    @TempDir
    private Path folder;

    /** Nothing is resolved: it is CloudFormation that reads the template. */
    @Test
    void keepsResourcesOfSomeTypesAndWhatTheyMayReferTo() throws Exception {
        var file = Files.writeString(folder.resolve("template.yaml"), TEMPLATE);

        var json = CloudFormationTemplate.only(file, Set.of("AWS::DynamoDB::Table"), Set.of("Stream"));

        var expected = """
                {"AWSTemplateFormatVersion":"2010-09-09","Parameters":{"Days":{"Type":"Number","Default":5}},
                 "Resources":{"Things":{"Type":"AWS::DynamoDB::Table","DeletionPolicy":"Retain",
                                        "Properties":{"Name":{"Fn::Sub":"${Days}-things"}}}}}""";
        assertEquals(new JsonMapper().readTree(expected), new JsonMapper().readTree(json));
    }

    @Test
    void resourcesThatCloudFormationHasMadeAreCalledWhatItCallsThem() {
        var secretArn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:made-WebhookKeysSecret-1a2b-XyZabc";
        var template = Template.read(
                EmbeddedStack.projectRoot().resolve("template.yaml"),
                "made",
                Map.of(),
                Map.of("LicenseStoreTable", "made-LicenseStoreTable-1a2b", "WebhookKeysSecret", secretArn));

        var environment = template.function("UserLicenseWebhookFunction").environment();

        assertEquals("made-LicenseStoreTable-1a2b", environment.get("LICENSE_STORE_TABLE"));
        assertEquals(secretArn, environment.get("WEBHOOK_KEYS_SECRET"));
        assertEquals("made-QuarantineTable", environment.get("QUARANTINE_TABLE"));
    }
}
