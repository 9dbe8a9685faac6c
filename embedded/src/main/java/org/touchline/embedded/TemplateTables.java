package org.touchline.embedded;

import java.util.List;
import org.touchline.embedded.ResolvedTemplate.Resource;
import org.touchline.embedded.Template.Table;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;

/** Reads the tables of a template as the requests that create them. */
final class TemplateTables {
    static final String TYPE = "AWS::DynamoDB::Table";

    private final ResolvedTemplate template;

    TemplateTables(ResolvedTemplate template) {
        this.template = template;
    }

    List<Table> read() {
        return template.ofType(TYPE).stream().map(this::table).toList();
    }

    private Table table(Resource resource) {
        var references = template.references();
        var properties = resource.properties();
        var name = references.name(resource.logicalId());
        return new Table(
                resource.logicalId(),
                name,
                references.arn(resource.logicalId(), properties.place()),
                createRequest(name, properties));
    }

    private static CreateTableRequest createRequest(String name, TemplateNode properties) {
        var request = CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(properties.at("AttributeDefinitions").items().stream()
                        .map(TemplateTables::attribute)
                        .toList())
                .keySchema(keySchema(properties));
        properties
                .find("GlobalSecondaryIndexes")
                .ifPresent(indexes -> request.globalSecondaryIndexes(indexes.items().stream()
                        .map(index -> GlobalSecondaryIndex.builder()
                                .indexName(index.at("IndexName").text())
                                .keySchema(keySchema(index))
                                .projection(projection(index))
                                .build())
                        .toList()));
        properties
                .find("LocalSecondaryIndexes")
                .ifPresent(indexes -> request.localSecondaryIndexes(indexes.items().stream()
                        .map(index -> LocalSecondaryIndex.builder()
                                .indexName(index.at("IndexName").text())
                                .keySchema(keySchema(index))
                                .projection(projection(index))
                                .build())
                        .toList()));
        properties
                .find("StreamSpecification")
                .ifPresent(stream -> request.streamSpecification(StreamSpecification.builder()
                        .streamEnabled(true)
                        .streamViewType(stream.at("StreamViewType").text())
                        .build()));
        return request.build();
    }

    private static AttributeDefinition attribute(TemplateNode attribute) {
        return AttributeDefinition.builder()
                .attributeName(attribute.at("AttributeName").text())
                .attributeType(attribute.at("AttributeType").text())
                .build();
    }

    private static List<KeySchemaElement> keySchema(TemplateNode tableOrIndex) {
        return tableOrIndex.at("KeySchema").items().stream()
                .map(key -> KeySchemaElement.builder()
                        .attributeName(key.at("AttributeName").text())
                        .keyType(key.at("KeyType").text())
                        .build())
                .toList();
    }

    private static Projection projection(TemplateNode index) {
        var projection = index.at("Projection");
        var builder = Projection.builder()
                .projectionType(projection.at("ProjectionType").text());
        projection
                .find("NonKeyAttributes")
                .ifPresent(names -> builder.nonKeyAttributes(
                        names.items().stream().map(TemplateNode::text).toList()));
        return builder.build();
    }
}
