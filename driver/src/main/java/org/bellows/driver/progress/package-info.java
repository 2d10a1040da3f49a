/** What a person sees while something long runs. */
package org.bellows.driver.progress;
