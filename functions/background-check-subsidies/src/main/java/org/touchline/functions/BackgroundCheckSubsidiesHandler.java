package org.touchline.functions;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.functions.SubsidyOperation.CreateForEmail;
import org.touchline.functions.SubsidyOperation.CreateForPerson;
import org.touchline.functions.SubsidyOperation.Delete;
import org.touchline.functions.SubsidyOperation.ListOf;
import org.touchline.functions.SubsidyOperation.Organizations;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.client.UssfIdMoves;
import org.touchline.license.UssfId;
import org.touchline.time.Deadline;

/**
 * On demand: background checks that an organization pays for (Connect API, "Background checks"). Payload and result are those
 * of wire contract §7; what the Learning Center refuses is a result, and what it does not answer an error.
 */
@NullMarked
public final class BackgroundCheckSubsidiesHandler extends InvokedFunction {
    private static final String NOT_AUTHORIZED =
            "no organization has authorized us: a U.S. Soccer member organization has to"
                    + " tell U.S. Soccer that we may request background check subsidies for it";

    private final LearningCenterClient learningCenter;

    /** For Lambda. */
    public BackgroundCheckSubsidiesHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public BackgroundCheckSubsidiesHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private BackgroundCheckSubsidiesHandler(Wiring wiring) {
        super(wiring.clock());
        this.learningCenter = wiring.learningCenter();
    }

    @Override
    protected String acceptedPayloads() {
        return SubsidyOperation.ACCEPTED;
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        try {
            return answer(SubsidyOperation.in(payload), deadline);
        } catch (InvalidValueException notAccepted) {
            throw new UnknownPayloadException(acceptedPayloads());
        } catch (RefusedException refused) {
            return SubsidyDocuments.refusal(refused.status(), why(refused, deadline));
        }
    }

    private JsonValue answer(SubsidyOperation operation, Deadline deadline) {
        return switch (operation) {
            case Organizations _ -> SubsidyDocuments.organizations(learningCenter.subsidyOrganizations(deadline));
            case ListOf(var payer, var ussfId, var email) ->
                SubsidyDocuments.subsidies(
                        ussfId == null
                                ? learningCenter.subsidies(payer, null, email, deadline)
                                : follow(ussfId, present -> learningCenter.subsidies(payer, present, email, deadline)));
            case CreateForPerson(var payer, var ussfId) ->
                SubsidyDocuments.subsidy(
                        follow(ussfId, present -> learningCenter.createSubsidy(payer, present, deadline)));
            case CreateForEmail(var payer, var email) ->
                SubsidyDocuments.subsidy(learningCenter.createSubsidy(payer, email, deadline));
            case Delete(var subsidyId) -> {
                learningCenter.deleteSubsidy(subsidyId, deadline);
                yield new JsonObject();
            }
        };
    }

    /** Rule 18. Nothing of the person is kept here that would have to move along; the answer names the new id. */
    private static <T> T follow(UssfId ussfId, Function<UssfId, T> call) {
        return UssfIdMoves.follow(ussfId, call, (_, _) -> {});
    }

    /** Where nobody has authorized us, everything else is refused, and that is what a person has to know. */
    private String why(RefusedException refused, Deadline deadline) {
        try {
            if (learningCenter.subsidyOrganizations(deadline).isEmpty()) {
                return NOT_AUTHORIZED;
            }
        } catch (LearningCenterException noAnswerEither) {
            // Then what the Learning Center said at first has to do.
        }
        return refused.reason().isEmpty() ? refused.getMessage() : refused.reason();
    }
}
