package io.sitestream.platform;

import java.util.Map;
import java.util.Set;

/**
 * What this process runs: feature modules, the engines that they bring along, their
 * functions and the servers they need.
 *
 * @param modules the feature modules
 * @param engines the engines that come with them
 * @param functions the functions, each with its module
 * @param leftOut functions of these modules that {@code sitestream.functions} leaves out
 * @param servers the servers that the modules need
 */
public record ModuleSelection(Set<String> modules, Set<String> engines, Map<String, String> functions,
		Set<String> leftOut, Set<Server> servers) {

	public boolean needs(Server server) {
		return this.servers.contains(server);
	}

	/**
	 * Whether beans of a module belong into this process.
	 * @param module the name of a feature module or an engine
	 * @return whether it was selected or is needed by one that was
	 */
	public boolean includes(String module) {
		return this.modules.contains(module) || this.engines.contains(module);
	}

}
