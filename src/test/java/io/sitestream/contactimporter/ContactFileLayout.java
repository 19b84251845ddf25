package io.sitestream.contactimporter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import org.springframework.core.io.ClassPathResource;

/**
 * A file in a layout that people's programs write, and how it is uploaded.
 *
 * @param file its name in the folder {@code formats}
 * @param type its content type
 * @param parameters more of the query
 */
public record ContactFileLayout(String file, String type, String parameters) {

	/**
	 * One file of each layout.
	 * @return the files
	 */
	public static List<ContactFileLayout> all() {
		return List.of(new ContactFileLayout("google-old.csv", "text/csv", "&defaultRegion=US"),
				new ContactFileLayout("google-new.csv", "text/csv", "&defaultRegion=US"),
				new ContactFileLayout("outlook.csv", "text/csv; charset=windows-1252", "&defaultRegion=DE"),
				new ContactFileLayout("outlook-com.csv", "application/csv", ""),
				new ContactFileLayout("plain-utf16.csv", "text/csv", ""),
				new ContactFileLayout("plain-semicolon.csv", "text/csv", ""),
				new ContactFileLayout("apple.vcf", "text/vcard", "&defaultRegion=GB"),
				new ContactFileLayout("android.vcf", "text/x-vcard", "&defaultRegion=DE"),
				new ContactFileLayout("vcard4.vcf", "text/vcard; charset=utf-8", ""));
	}

	public InputStream open() {
		return open("");
	}

	/**
	 * What becomes of the file.
	 * @return JSON
	 */
	public InputStream expected() {
		return open(".json");
	}

	private InputStream open(String ending) {
		try {
			return new ClassPathResource("formats/" + this.file + ending, ContactFileLayout.class).getInputStream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return this.file;
	}

}
