// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * deploy/targets/kubernetes: its manifests against their schemas, and what its scripts start
 * against an API server in this process.
 */
package org.bellows.driver.kubernetes;
