package org.touchline.local;

/** What the local run says of itself, in the terminal and at {@code GET /}. */
final class Welcome {
    private Welcome() {}

    /**
     * What listens where, and what to try.
     *
     * @param version of the template, such as {@code 0.1.0}
     */
    static String text(String version, Settings settings, LocalRun.Endpoints endpoints) {
        var learningCenter = settings.learningCenterBaseUrl() == null
                ? "simulated; its controls are under /simulator"
                : "another than the simulator, by your setting";
        var notified = settings.notifyUrl() == null
                ? "sent to no URL; NOTIFY_URL names one"
                : "each is sent to " + settings.notifyUrl();
        return """
                Touchline %10$s runs on this machine, with the routes and functions of template.yaml:

                  API                  %1$s
                  Lambda Invoke API    %2$s
                  Learning Center      %3$s  (%4$s)
                  DynamoDB             %5$s
                  Secrets Manager      %6$s
                  Events               %11$s/events  (%12$s)

                IAM is not enforced here, and any AWS credentials will do: all of it is open to whatever runs
                on this machine. %13$s

                In a browser, %1$s/ shows all of this. Three commands to try. A license arrives by webhook:

                  curl -X POST %1$s/webhooks/user-license-update \\
                    -H 'Authorization: %7$s' -H 'Content-Type: application/json' \\
                    -d '{"ussf_id":"2020000004152809","action":"added","license_id":"coach_6",
                         "issuer":"U.S. Soccer","issue_date":"2026-01-15","expiration_date":"2099-12-31",
                         "updated_at":"2026-01-15T12:00:00Z"}'

                It is read back:

                  curl %1$s/users/2020000004152809/licenses

                A member is put in, and verified as SafeSport registration does it:

                  curl -X PUT %1$s/members/M-1001 -H 'Content-Type: application/json' \\
                    -d '{"firstName":"Jordan","lastName":"Doe","email":"jordan.doe@example.org","dateOfBirth":"1990-04-12"}' &&
                  curl '%1$s/member-verification?memberIdentifier=M-1001' -H '%8$s: %9$s'
                """.formatted(
                        endpoints.api(),
                        endpoints.lambda(),
                        endpoints.learningCenter(),
                        learningCenter,
                        endpoints.dynamoDb(),
                        endpoints.secrets(),
                        settings.webhookKey(),
                        settings.accessTokenName(),
                        settings.accessTokenValue(),
                        version,
                        endpoints.events(),
                        notified,
                        settings.dataFolder() == null
                                ? "Data lives in memory, and is gone when this ends (Ctrl-C)."
                                : "Data is kept in " + settings.dataFolder() + ".");
    }
}
