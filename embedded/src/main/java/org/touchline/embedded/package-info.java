/**
 * What the connector stands on, inside one process: {@code template.yaml} read as CloudFormation would, DynamoDB with the
 * template's tables, its secrets, its event bus, and the Learning Center. The tests of every module and the local run use it; nothing that
 * is deployed does.
 */
@org.jspecify.annotations.NullMarked
package org.touchline.embedded;
