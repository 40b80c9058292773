/** What several parts ask of a setting, at the start. */
@NullMarked
package io.surveygateway.settings;

import org.jspecify.annotations.NullMarked;
