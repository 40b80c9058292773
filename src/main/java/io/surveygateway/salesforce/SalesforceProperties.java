package io.surveygateway.salesforce;

import io.surveygateway.settings.WebAddress;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How responses get into Salesforce: {@code gateway.salesforce}; the login is camel-salesforce's.
 *
 * @param contactKey the field that a contact is found by: {@code Email}, or an external id
 * @param loginUrl address that camel-salesforce logs in at, to see here that it is one; or empty
 */
@ConfigurationProperties("gateway.salesforce")
record SalesforceProperties(
    @DefaultValue("Email") String contactKey, @DefaultValue("") String loginUrl) {

  SalesforceProperties {
    contactKey = contactKey.isBlank() ? "Email" : contactKey.strip();
    if (!contactKey.matches("[A-Za-z]\\w*")) {
      // It becomes part of an address at Salesforce.
      throw new IllegalArgumentException(
          "Expected the API name of a field in gateway.salesforce.contact-key, and got "
              + contactKey);
    }
    loginUrl = loginUrl.strip();
    if (!loginUrl.isEmpty() && !WebAddress.isOne(loginUrl)) {
      throw new IllegalArgumentException(
          "Expected SALESFORCE_LOGIN_URL to be the My Domain address of the org, such as"
              + " https://example.my.salesforce.com, got one without https:// or a host");
    }
  }
}
