package io.sitestream.contactjobs.intake;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

import ezvcard.VCard;
import ezvcard.io.text.VCardReader;
import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ExportedContact;

/**
 * A file of vCards, version 2.1, 3.0 or 4.0, each read when it is asked for and made a
 * row of the form that our CSV export has.
 */
final class VCardFile {

	/** So many addresses of a card have columns of their own; more are kept as notes. */
	static final int ADDRESSES = 10;

	/** No card can be longer; photos are, and are dropped. */
	static final int MAX_CARD_CHARS = 16 * 1024 * 1024;

	private VCardFile() {
	}

	static ContactFile open(TextFile text) {
		return new ContactFile(ContactColumns.of(ExportedContact.header(ADDRESSES)), new Rows(text.content()));
	}

	/**
	 * The cards as rows.
	 */
	private static final class Rows implements Iterator<List<String>> {

		private final Bounded content;

		private final VCardReader cards;

		private Optional<VCard> next = Optional.empty();

		private long row;

		Rows(Reader content) {
			this.content = new Bounded(content);
			this.cards = new VCardReader(this.content);
		}

		@Override
		public boolean hasNext() {
			try {
				if (this.next.isEmpty()) {
					this.content.begin(this.row + 1);
					this.next = Optional.ofNullable(this.cards.readNext());
				}
				return this.next.isPresent();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public List<String> next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			VCard card = this.next.orElseThrow();
			this.next = Optional.empty();
			this.row++;
			return ContactOfVCard.read(card, ADDRESSES).row();
		}

	}

	/**
	 * Counts what is read for one card, so that a line without end does not fill the
	 * memory.
	 */
	private static final class Bounded extends FilterReader {

		private long row;

		private long chars;

		Bounded(Reader in) {
			super(in);
		}

		void begin(long row) {
			this.row = row;
			this.chars = 0;
		}

		@Override
		public int read() throws IOException {
			int read = super.read();
			count((read < 0) ? 0 : 1);
			return read;
		}

		@Override
		public int read(char[] buffer, int offset, int length) throws IOException {
			int read = super.read(buffer, offset, length);
			count(read);
			return read;
		}

		private void count(int more) throws IOException {
			this.chars += more;
			if (this.chars > MAX_CARD_CHARS) {
				throw new RowTooLargeException(this.row, MAX_CARD_CHARS);
			}
		}

	}

}
