package io.sitestream.platform.modules;

import java.util.Objects;

import io.sitestream.platform.ModuleSelection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * Leaves out the classes of modules that this process does not run, whatever they are
 * annotated with.
 */
final class ModuleTypeExcludeFilter extends TypeExcludeFilter {

	private static final String ROOT = "io.sitestream.";

	private final ModuleSelection selection;

	ModuleTypeExcludeFilter(ModuleSelection selection) {
		this.selection = selection;
	}

	@Override
	public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
		String name = reader.getClassMetadata().getClassName();
		int end = name.startsWith(ROOT) ? name.indexOf('.', ROOT.length()) : -1;
		if (end < 0) {
			return false;
		}
		String module = name.substring(ROOT.length(), end);
		return ModuleCatalog.isModule(module) && !this.selection.includes(module);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ModuleTypeExcludeFilter filter && this.selection.equals(filter.selection);
	}

	@Override
	public int hashCode() {
		return Objects.hash(ModuleTypeExcludeFilter.class, this.selection);
	}

}
