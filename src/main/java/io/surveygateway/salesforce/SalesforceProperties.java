package io.surveygateway.salesforce;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How responses get into Salesforce: {@code gateway.salesforce}; the login is camel-salesforce's.
 *
 * @param contactKey the field that a contact is found by: {@code Email}, or an external id
 */
@ConfigurationProperties("gateway.salesforce")
record SalesforceProperties(@DefaultValue("Email") String contactKey) {

  SalesforceProperties {
    contactKey = contactKey.isBlank() ? "Email" : contactKey.strip();
    if (!contactKey.matches("[A-Za-z]\\w*")) {
      // It becomes part of an address at Salesforce.
      throw new IllegalArgumentException(
          "Expected the API name of a field in gateway.salesforce.contact-key, and got "
              + contactKey);
    }
  }
}
