/** The console as a person sees and uses it: in Chromium, before the packaged jar. */
@NullMarked
package io.surveygateway.browser;

import org.jspecify.annotations.NullMarked;
