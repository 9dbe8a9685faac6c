package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateIntrinsicsTest {
    private static final String HEAD = """
            Parameters:
              Stage: {Type: String, Default: test}
              Limit: {Type: Number, Default: 5}
              Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
            Mappings:
              ByStage:
                test: {Size: small}
                live: {Size: large}
            Conditions:
              IsLive: !Equals [!Ref Stage, live]
              IsTest: !Not [!Condition IsLive]
              IsBoth: !And [!Condition IsLive, {Condition: IsTest}]
              IsEither: !Or [!Condition IsLive, !Condition IsTest]
            Resources:
              Table: {Type: AWS::DynamoDB::Table, Condition: IsEither, Properties: %s}
              Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: none}}
              Missing: {Type: AWS::SNS::Topic, Condition: IsBoth}
              It:
                Type: Test::It
                Properties:
                  Value: %s
            """;

    private static final String TABLE = "{AttributeDefinitions: [], KeySchema: []}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            !Ref Stage                                            | test
            {Ref: Stage}                                          | test
            !Ref Limit                                            | 5
            !Ref AWS::StackName                                   | demo
            !Ref AWS::Region                                      | us-east-1
            !Ref AWS::AccountId                                   | 000000000000
            !Ref AWS::Partition                                   | aws
            !Ref AWS::URLSuffix                                   | amazonaws.com
            !Ref Table                                            | demo-Table
            !Ref It                                               | demo-It
            !Ref Secret                                           | arn:aws:secretsmanager:us-east-1:000000000000:secret:demo-Secret-AbCdEf
            !GetAtt Table.Arn                                     | arn:aws:dynamodb:us-east-1:000000000000:table/demo-Table
            {Fn::GetAtt: [Table, Arn]}                            | arn:aws:dynamodb:us-east-1:000000000000:table/demo-Table
            {Fn::GetAtt: Table.Arn}                               | arn:aws:dynamodb:us-east-1:000000000000:table/demo-Table
            !Sub "${Table.Arn}/index/*"                           | arn:aws:dynamodb:us-east-1:000000000000:table/demo-Table/index/*
            !Sub "${AWS::StackName}-${Stage}-${Table}"            | demo-test-demo-Table
            !Sub ["${X}/${Stage}", {X: !Ref Limit}]               | 5/test
            !Sub "${!Stage} costs $5"                             | ${Stage} costs $5
            {Fn::Sub: "${Stage}"}                                 | test
            !Join ["-", [a, !Ref Stage, 3]]                       | a-test-3
            !Join [",", !Ref Zones]                               | a,b,c
            !Select [1, !Ref Zones]                               | b
            !Select ["2", !Split [".", "x.y.z"]]                  | z
            !Join ["+", !Split [";", !Sub "${Stage};1"]]          | test+1
            !FindInMap [ByStage, !Ref Stage, Size]                | small
            !If [IsLive, big, !If [IsTest, tiny, none]]           | tiny
            {Fn::If: [IsEither, {Ref: Stage}, !Ref Nowhere]}      | test
            """)
    void intrinsicGivesWhatCloudFormationWould(String expression, String expected) {
        // when
        var value = value(expression);

        // then
        assertEquals(expected, String.valueOf(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            !Ref Nowhere                          | refers to Nowhere
            !Ref Missing                          | refers to Missing
            !GetAtt Nowhere.Arn                   | refers to Nowhere
            !GetAtt Table.Colour                  | attribute Colour of AWS::DynamoDB::Table is not supported
            !GetAtt Table.StreamArn               | Table has no StreamSpecification
            !GetAtt Table                         | should be a logical id and an attribute
            !Sub "${Nowhere}"                     | refers to Nowhere
            !Sub "${Zones}"                       | should be a text
            !ImportValue Other                    | Fn::ImportValue is not supported
            !Equals [a, a]                        | Fn::Equals is not supported
            !FindInMap [ByStage, dev, Size]       | dev is missing
            !If [Unknown, a, b]                   | there is no condition Unknown
            !If [IsLive, a]                       | should be a list of 3
            !Select [3, !Ref Zones]               | there is no item 3 among 3
            !Join ["-", text]                     | should be a list
            {Fn::Sub: a, Other: b}                | Fn::Sub must be the only key
            null                                  | has no value
            """)
    void whatCannotBeResolvedIsAnErrorThatNamesThePlace(String expression, String reason) {
        // when
        var refusal = assertThrows(TemplateException.class, () -> value("{Deep: [" + expression + "]}"));

        // then
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertTrue(
                refusal.place().startsWith("Resources.It.Properties.Value.Deep[0]")
                        || refusal.place().startsWith("Mappings.ByStage"),
                refusal.place());
    }

    @Test
    void noValueDropsThePropertyAndTheItem() {
        // when
        var value = value("{Kept: 1, Gone: !Ref AWS::NoValue, List: [a, !If [IsLive, b, !Ref AWS::NoValue], c]}");

        // then
        assertEquals(Map.of("Kept", 1, "List", List.of("a", "c")), value);
    }

    @Test
    void resourceWhoseConditionIsFalseDoesNotExist() {
        // when
        var template = YamlTemplate.read(HEAD.formatted(TABLE, "x"), Map.of("Stage", "live"));

        // then
        assertThrows(TemplateException.class, () -> template.resource("Missing"));
        assertFalse(template.tables().isEmpty());
    }

    @Test
    void conditionFollowsTheParameterThatIsGiven() {
        // given
        var yaml = HEAD.formatted(TABLE, "!If [IsLive, big, tiny]");

        // when
        var live = YamlTemplate.read(yaml, Map.of("Stage", "live"));

        // then
        assertEquals("big", live.resource("It").get("Value"));
        assertEquals("live", live.parameters().get("Stage"));
    }

    @Test
    void conditionThatRefersToItselfIsRefused() {
        // given
        var yaml = """
                Conditions:
                  A: !Not [!Condition B]
                  B: !Not [!Condition A]
                Resources:
                  It: {Type: Test::It, Condition: A}
                """;

        // when
        var refusal = assertThrows(TemplateException.class, () -> YamlTemplate.read(yaml));

        // then
        assertEquals("Conditions.A: refers to itself", refusal.getMessage());
    }

    @Test
    void conditionCannotReferToAResource() {
        // given
        var yaml = """
                Conditions:
                  A: !Equals [!Ref It, x]
                Resources:
                  It: {Type: Test::It}
                  Other: {Type: Test::It, Condition: A}
                """;

        // when
        var refusal = assertThrows(TemplateException.class, () -> YamlTemplate.read(yaml));

        // then
        assertEquals("Conditions.A.Fn::Equals[0]", refusal.place());
    }

    private static Object value(String expression) {
        return YamlTemplate.read(HEAD.formatted(TABLE, expression))
                .resource("It")
                .get("Value");
    }
}
