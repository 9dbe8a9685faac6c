package org.touchline.license;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The licenses of people. Webhooks, reconciliation, enrollment and refresh all write through {@link #apply} (design rule 3),
 * which lets a change in only if its {@link Revision} is higher than what is stored: whatever the order, however often, the
 * same changes end in the same state.
 *
 * <p>Keys: {@code pk = person#<ussf id>}; {@code sk = license#<license id>} for each license, tombstones included, and
 * {@code sk = profile} for the rest of what is known of the person. One query reads a person whole.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then nothing was written, or what was written can be written again.
 */
public final class LicenseStore {
    private static final String PERSON = "person#";
    private static final String LICENSE = "license#";
    private static final String PROFILE = "profile";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;

    /** A store on a table that {@code template.yaml} made. */
    public LicenseStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
    }

    /** What {@link #apply} did. */
    public enum Applied {
        /** The change was news and is stored. */
        WRITTEN,
        /** The store already held this change or a later one; nothing was written. */
        UNCHANGED
    }

    /**
     * Stores a change if it is news: one conditional write.
     *
     * @return whether it was news
     */
    public Applied apply(LicenseChange change) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(row(change))
                    .conditionExpression("attribute_not_exists(revision) OR revision < :revision")
                    .expressionAttributeValues(Map.of(
                            ":revision", AttributeValue.fromS(change.revision().text()))));
            return Applied.WRITTEN;
        } catch (ConditionalCheckFailedException sameOrNewerIsStored) {
            return Applied.UNCHANGED;
        }
    }

    /**
     * Applies many changes. What is stored is read first, in batches and eventually consistent, and only what may be news is
     * written (design rule 4): what is read late is at most too old, and then the condition of {@link #apply} decides.
     *
     * @return the changes that were written; of several of one license only the latest can be among them
     */
    public List<LicenseChange> applyAll(Collection<LicenseChange> changes) {
        var latest = new LinkedHashMap<Map<String, AttributeValue>, LicenseChange>();
        for (var change : changes) {
            latest.merge(key(change), change, LicenseStore::later);
        }
        var stored = storedRevisions(latest.keySet());
        var written = new ArrayList<LicenseChange>();
        latest.forEach((key, change) -> {
            var revision = stored.get(key);
            var mayBeNews = revision == null || revision.compareTo(change.revision()) < 0;
            if (mayBeNews && apply(change) == Applied.WRITTEN) {
                written.add(change);
            }
        });
        return written;
    }

    /** All that is known of a person, strongly consistent; empty if nothing is. */
    public Optional<Person> person(UssfId ussfId) {
        var licenses = new ArrayList<License>();
        var profile = Profile.EMPTY;
        var known = false;
        for (var attributes : dynamoDb.queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition(ussfId))))
                        .consistentRead(true))
                .items()) {
            var item = new Item(attributes);
            var record = item.text("sk");
            known = true;
            if (record.startsWith(LICENSE)) {
                licenses.add(license(record.substring(LICENSE.length()), item));
            } else if (record.equals(PROFILE)) {
                profile = profile(item);
            }
        }
        return known ? Optional.of(new Person(ussfId, licenses, profile)) : Optional.empty();
    }

    /** Since when the Learning Center tells us of changes of these people; those of whom it does not are left out. */
    public Map<UssfId, Instant> subscribedSince(Set<UssfId> people) {
        var keys = people.stream().map(LicenseStore::profileKey).toList();
        var since = new HashMap<UssfId, Instant>();
        for (var item : batchReader.read(keys, "pk, subscribedSince")) {
            var instant = item.instant("subscribedSince");
            if (instant != null) {
                since.put(new UssfId(item.text("pk").substring(PERSON.length())), instant);
            }
        }
        return since;
    }

    private Map<Map<String, AttributeValue>, Revision> storedRevisions(Collection<Map<String, AttributeValue>> keys) {
        var revisions = new HashMap<Map<String, AttributeValue>, Revision>();
        for (var item : batchReader.read(List.copyOf(keys), "pk, sk, revision")) {
            var revision = new Revision(item.text("revision"));
            revisions.put(
                    new Item()
                            .with("pk", item.text("pk"))
                            .with("sk", item.text("sk"))
                            .attributes(),
                    revision);
        }
        return revisions;
    }

    private static LicenseChange later(LicenseChange one, LicenseChange other) {
        return one.revision().compareTo(other.revision()) >= 0 ? one : other;
    }

    private static Map<String, AttributeValue> row(LicenseChange change) {
        return new Item(key(change))
                .with("revision", change.revision())
                .withBoolean("removed", !change.state().held())
                .with("issuer", change.issuer())
                .with("issueDate", change.issueDate())
                .with("expirationDate", change.expirationDate())
                .attributes();
    }

    private static License license(String licenseId, Item item) {
        return new License(
                new LicenseId(licenseId),
                item.flag("removed"),
                item.textOrNull("issuer"),
                item.date("issueDate"),
                item.date("expirationDate"),
                new Revision(item.text("revision")));
    }

    private static Profile profile(Item item) {
        var movedTo = item.textOrNull("movedTo");
        return new Profile(
                movedTo == null ? null : new UssfId(movedTo),
                item.instant("subscribedSince"),
                item.instant("refreshedAt"),
                item.integer("refereeExperience"),
                item.has("hasCertificate")
                        ? new GrassrootsCertificate(item.flag("hasCertificate"), item.date("certificateIssueDate"))
                        : null);
    }

    private static Map<String, AttributeValue> key(LicenseChange change) {
        return new Item()
                .with("pk", partition(change.ussfId()))
                .with("sk", LICENSE + change.licenseId())
                .attributes();
    }

    private static Map<String, AttributeValue> profileKey(UssfId ussfId) {
        return new Item().with("pk", partition(ussfId)).with("sk", PROFILE).attributes();
    }

    private static String partition(UssfId ussfId) {
        return PERSON + ussfId;
    }
}
