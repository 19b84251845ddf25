package io.sitestream.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this process comes by its records.
 *
 * @param serving {@code kafka}: its functions consume their topics. {@code http}: they
 * are called with CloudEvents at {@code POST /functions/<name>}, as a KafkaSource of
 * Knative does, and nothing is consumed; only functions that may be called so are allowed
 * in such a process. {@code lambda}: one such function is called with the events of a
 * Kafka event source of AWS Lambda; the handler says so itself
 */
@ConfigurationProperties("sitestream")
public record ServingProperties(@DefaultValue("kafka") Serving serving) {

}
