package io.sitestream.platform.web;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Reads {@code wss} and {@code ws} as {@code https} and {@code http} where a proxy says
 * how a client reached it. Some proxies name a WebSocket's own scheme; whoever compares
 * that with a page's origin, or knows only {@code https} as safe, would turn every page
 * of the own origin away. Whether forwarded headers are believed at all is
 * {@code server.forward-headers-strategy}'s business.
 */
@Component
class WebSocketSchemes implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

	@Override
	public void customize(ConfigurableTomcatWebServerFactory tomcat) {
		tomcat.addEngineValves(new WebSocketSchemeValve());
	}

	/** Before Boot's customizer, whose valve believes the headers. */
	@Override
	public int getOrder() {
		return -1;
	}

	private static final class WebSocketSchemeValve extends ValveBase {

		WebSocketSchemeValve() {
			super(true);
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
			for (int i = 0; i < headers.size(); i++) {
				MessageBytes name = headers.getName(i);
				if (name.equalsIgnoreCase("X-Forwarded-Proto")) {
					replace(headers.getValue(i), "\\b");
				}
				else if (name.equalsIgnoreCase("Forwarded")) {
					replace(headers.getValue(i), "(?<=\\bproto=\"?)");
				}
			}
			getNext().invoke(request, response);
		}

		private static void replace(MessageBytes value, String start) {
			String before = value.toString();
			String after = before.replaceAll("(?i)" + start + "wss\\b", "https")
				.replaceAll("(?i)" + start + "ws\\b", "http");
			if (!after.equals(before)) {
				value.setString(after);
			}
		}

	}

}
