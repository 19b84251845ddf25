package io.sitestream.contactimporter.rows;

/**
 * A row that was found good.
 *
 * @param number its number in the file, from 1
 * @param values what it says
 */
public record ContactRow(long number, ContactValues values) {

}
