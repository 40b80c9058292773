/** What shows that a provider sent a request: keyed hashes and shared keys, in plain Java. */
@NullMarked
package io.surveygateway.proof;

import org.jspecify.annotations.NullMarked;
