package io.sitestream.contactjobs.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;

import io.sitestream.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeType;

/**
 * A file on its way in. It is read from the socket, whether it is the body itself or a
 * part of it; nothing is put on a disk.
 *
 * @param content the file's bytes
 * @param charset the encoding that the client named, if it did
 * @param saysVCard whether the client named a type of vCards
 * @param fileName what the client calls the file, or {@code null}
 * @param size how long the file is, give or take what stands around a part and is the
 * same whenever the upload is repeated; {@code null} where the request does not say
 */
record Upload(InputStream content, Optional<Charset> charset, boolean saysVCard, @Nullable String fileName,
		@Nullable Long size) {

	Upload(InputStream content, Optional<Charset> charset, boolean saysVCard) {
		this(content, charset, saysVCard, null, null);
	}

	private static final Set<String> CSV = Set.of("text/csv", "application/csv", "text/comma-separated-values",
			"text/tab-separated-values");

	private static final Set<String> VCARD = Set.of("text/vcard", "text/x-vcard", "text/directory");

	/** What browsers say about a file that they do not know. */
	private static final Set<String> UNDECLARED = Set.of("application/octet-stream", "application/vnd.ms-excel",
			"text/plain");

	Upload with(InputStream other) {
		return new Upload(other, this.charset, this.saysVCard, this.fileName, this.size);
	}

	static Upload of(HttpServletRequest request) {
		MediaType type = mediaType(request.getContentType());
		if (type != null && type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
			return part(request, type);
		}
		if (type == null || !isContacts(type)) {
			throw unsupported("body", type);
		}
		try {
			return new Upload(request.getInputStream(), charset(type), isVCard(type), null, length(request));
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	private static Upload part(HttpServletRequest request, MediaType multipart) {
		String boundary = multipart.getParameter("boundary");
		int boundaries = 1;
		try {
			FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
			while (parts.hasNext()) {
				FileItemStream part = parts.next();
				boundaries++;
				if (part.getFieldName().equals("file")) {
					MediaType type = mediaType(part.getContentType());
					if (type != null && !isContacts(type) && !UNDECLARED.contains(essence(type))) {
						throw unsupported("part 'file'", type);
					}
					return new Upload(part.openStream(), charset(type), type != null && isVCard(type), part.getName(),
							length(request, boundary, boundaries));
				}
			}
		}
		catch (InvalidFileNameException ex) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file",
					"The file has the name '%s': a name has no NUL.".formatted(ex.getName().replace('\0', '?')));
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		throw new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file",
				"The multipart body has no part 'file': send the contacts file as the part of that name.");
	}

	private static @Nullable Long length(HttpServletRequest request) {
		return (request.getContentLengthLong() >= 0) ? request.getContentLengthLong() : null;
	}

	/**
	 * Boundaries are made up anew for a repetition, by some clients of another length.
	 */
	private static @Nullable Long length(HttpServletRequest request, @Nullable String boundary, int boundaries) {
		Long length = length(request);
		if (length == null || boundary == null) {
			return length;
		}
		return length - (long) boundaries * boundary.length();
	}

	private static boolean isContacts(MimeType type) {
		return CSV.contains(essence(type)) || isVCard(type);
	}

	private static boolean isVCard(MimeType type) {
		return VCARD.contains(essence(type));
	}

	private static String essence(MimeType type) {
		return type.getType() + "/" + type.getSubtype();
	}

	private static Optional<Charset> charset(@Nullable MediaType type) {
		return Optional.ofNullable((type != null) ? type.getCharset() : null);
	}

	private static @Nullable MediaType mediaType(@Nullable String value) {
		try {
			return (value != null) ? MediaType.parseMediaType(value) : null;
		}
		catch (InvalidMediaTypeException ex) {
			throw unsupported("'" + value + "'", null);
		}
	}

	private static ProblemException unsupported(String what, @Nullable MediaType type) {
		return new ProblemException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-format",
				"The %s is of type %s: expected text/csv or text/vcard, as the body or as part 'file' of multipart/form-data."
					.formatted(what, (type != null) ? type : "unknown"));
	}

	private static ProblemException unreadable(IOException ex) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "unusable-file",
				"The body cannot be read: %s Send the file again.".formatted(ex.getMessage()));
	}

}
