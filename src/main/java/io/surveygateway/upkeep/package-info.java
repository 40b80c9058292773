/** Work at providers' APIs beside their events: whose turn it is, what was compared, what came. */
@NullMarked
package io.surveygateway.upkeep;

import org.jspecify.annotations.NullMarked;
