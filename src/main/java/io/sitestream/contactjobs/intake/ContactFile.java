package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

import io.sitestream.contactjobs.ColumnAliases;
import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.platform.ProblemException;

import org.springframework.http.HttpStatus;

/**
 * A file of contacts whose header was understood.
 *
 * @param columns its header
 * @param rows the rows after it, without blank ones; read while they are asked for
 */
record ContactFile(ContactColumns columns, Iterator<List<String>> rows) {

	private static final Pattern VCARD = Pattern.compile("\\s*([\\w-]+\\.)?BEGIN:VCARD\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * Opens a file. What it is, vCards or CSV, is seen from its beginning.
	 * @param upload the file
	 * @param aliases the names of columns that are known
	 * @return the file
	 * @throws ProblemException 400 {@code unusable-file}, decided on the first 64 KiB
	 * @throws IOException if the file cannot be read
	 */
	static ContactFile open(Upload upload, ColumnAliases aliases) throws IOException {
		TextFile text = TextFile.open(upload);
		if (VCARD.matcher(text.head()).matches()) {
			return VCardFile.open(text);
		}
		if (upload.saysVCard()) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file",
					"The file is sent as vCard, but does not begin with BEGIN:VCARD.");
		}
		return CsvFile.open(text, aliases);
	}

}
