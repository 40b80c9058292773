/** What Salesforce is sent, and what its refusals mean. */
@NullMarked
package io.surveygateway.salesforce;

import org.jspecify.annotations.NullMarked;
