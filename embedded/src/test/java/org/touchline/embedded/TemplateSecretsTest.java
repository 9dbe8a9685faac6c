package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateSecretsTest {
    @Test
    void secretStringIsTheInitialValue() {
        // when
        var secret = secret("SecretString: !Sub '{\"stack\":\"${AWS::StackName}\"}'");

        // then
        assertEquals("demo-It", secret.name());
        assertEquals("arn:aws:secretsmanager:us-east-1:000000000000:secret:demo-It-AbCdEf", secret.arn());
        assertEquals("{\"stack\":\"demo\"}", secret.initialValue());
    }

    @Test
    void generatedKeyIsPutIntoItsTemplate() {
        // given
        var generate = "GenerateSecretString: {SecretStringTemplate: '{\"kid\":\"1\"}', GenerateStringKey: current,"
                + " PasswordLength: 48, ExcludePunctuation: true}";

        // when
        var value = secret(generate).initialValue();

        // then
        assertTrue(value.matches("\\{\"kid\":\"1\",\"current\":\"[A-Za-z0-9]{48}\"}"), value);
        assertNotEquals(value, secret(generate).initialValue());
    }

    @Test
    void generatedPasswordHasEveryKindOfCharacterThatIsNotExcluded() {
        // when
        var value = secret("GenerateSecretString: {PasswordLength: 4}").initialValue();

        // then
        assertTrue(value.matches("(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{4}"), value);
    }

    @Test
    void excludedCharactersAreNotUsed() {
        // when
        var value = secret("GenerateSecretString: {PasswordLength: 500, ExcludeLowercase: true, ExcludeUppercase: true,"
                        + " ExcludePunctuation: true, ExcludeCharacters: '0123', IncludeSpace: true}")
                .initialValue();

        // then
        assertTrue(value.matches("[4-9 ]{500}"), value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Description: no value",
                "GenerateSecretString: {SecretStringTemplate: '[]', GenerateStringKey: current}",
                "GenerateSecretString: {SecretStringTemplate: 'no json', GenerateStringKey: current}",
                "GenerateSecretString: {GenerateStringKey: current}",
                "GenerateSecretString: {PasswordLength: 1}"
            })
    void secretWithoutAValueIsRefused(String property) {
        assertThrows(TemplateException.class, () -> secret(property));
    }

    private static Template.Secret secret(String property) {
        return YamlTemplate.read("""
                Resources:
                  It:
                    Type: AWS::SecretsManager::Secret
                    Properties:
                      %s
                """.formatted(property)).secret("It");
    }
}
