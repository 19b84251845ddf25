package io.sitestream.platform.serverless.lambda;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How AWS Lambda is answered.
 *
 * @param reportFailures whether failed partitions are named in the answer, so that the
 * others are committed. Only right when the event source mapping has
 * {@code ReportBatchItemFailures} among its {@code FunctionResponseTypes}: without it the
 * answer would count as a success, and the records would be lost. Otherwise the call
 * fails, and the whole event comes again
 */
@ConfigurationProperties("sitestream.lambda")
record LambdaProperties(@DefaultValue("false") boolean reportFailures) {

}
