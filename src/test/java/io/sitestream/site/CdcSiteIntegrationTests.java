package io.sitestream.site;

import io.sitestream.SitestreamTest;

/**
 * The write model answers the same on the write path {@code cdc}.
 */
@SitestreamTest(modules = "site", properties = "sitestream.site.write-path=cdc")
class CdcSiteIntegrationTests extends SiteIntegrationTests {

}
