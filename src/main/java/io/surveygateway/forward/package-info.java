/** What a forward of events to any URL needs: the signature, and care about where it goes. */
@NullMarked
package io.surveygateway.forward;

import org.jspecify.annotations.NullMarked;
