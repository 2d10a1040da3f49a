// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * DL4J's own training on Spark, dl4j-spark's ParameterAveragingTrainingMaster, on the data and
 * executors that Bellows trains with: what its users come from.
 */
package org.bellows.benchmark.upstream;
