package io.sitestream.platform.serverless.lambda;

import java.util.Set;

import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RefusedStartException;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What a process has besides when it is an execution environment of AWS Lambda.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "sitestream.serving", havingValue = "lambda")
@EnableConfigurationProperties(LambdaProperties.class)
class LambdaConfiguration {

	@Bean
	LambdaFunction lambdaFunction(ModuleSelection selection, FunctionCalls functions, RecordFormat format,
			LambdaProperties properties) {
		Set<String> names = selection.functions().keySet();
		if (names.size() != 1) {
			throw new RefusedStartException(
					"sitestream.serving is 'lambda', which is for one function, and this process has %s. Name its module in sitestream.modules, or it in sitestream.functions."
						.formatted(names));
		}
		return new LambdaFunction(names.iterator().next(), functions, format, properties.reportFailures());
	}

}
