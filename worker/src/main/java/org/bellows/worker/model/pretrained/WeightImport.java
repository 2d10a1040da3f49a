// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.PretrainedForms;
import org.bellows.worker.model.tensor.PrintableName;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;

/**
 * Puts the arrays of a file into a network. Whose names the file uses is found out: those of which
 * it has most.
 */
public final class WeightImport {
  /** How often a BatchNorm of PyTorch's was trained; means nothing here. */
  private static final String COUNTER = ".num_batches_tracked";

  private final TensorFile file;
  private final Target target;
  private final NetworkGraph graph;

  /** The flat vector, as it starts and then with what the file has. */
  private final float[] flat;

  private final List<ImportReport.Matched> matched = new ArrayList<>();
  private final List<ImportReport.Missing> missing = new ArrayList<>();
  private final List<ImportReport.WrongShape> wrongShape = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> initial = new ArrayList<>();

  /**
   * The network that is wanted.
   *
   * @param newHead leaves the classifiers as they start, for other classes than the file's
   * @param seed of what starts at random
   */
  public record Target(
      NetworkDefinition network, InputShape input, int classes, boolean newHead, long seed) {}

  /**
   * @param form whose names and pictures
   * @param parameters flat vector; only of use when the report is complete
   */
  public record Outcome(ImportReport report, PretrainedForm form, float[] parameters) {}

  private WeightImport(TensorFile file, Target target) {
    this.file = file;
    this.target = target;
    this.graph = target.network().graph(target.input(), target.classes());
    this.flat = Dl4jGraph.initialParameters(graph, target.seed());
  }

  /**
   * @param where names the file in the report
   * @throws BellowsException (data) when an array that is wanted holds no finite numbers
   */
  public static Outcome run(TensorFile file, String where, Target target) {
    return new WeightImport(file, target).run(where);
  }

  private Outcome run(String where) {
    PretrainedForm form = likeliest();
    List<ForeignParameter> parameters = ForeignParameter.of(graph, flat, form);
    Set<String> classifiers = target.newHead() ? classifiers() : Set.of();
    Set<String> auxiliary = auxiliary();
    for (ForeignParameter parameter : parameters) {
      StoredTensor tensor = file.tensors().get(parameter.name());
      if (classifiers.contains(parameter.layer())) {
        keep(parameter, tensor);
      } else if (tensor == null && auxiliary.contains(parameter.layer())) {
        initial.add(parameter.parameter());
      } else {
        take(parameter, tensor);
      }
    }
    ImportReport report =
        new ImportReport(
            target.network().name(),
            where,
            file.format(),
            form.source(),
            matched,
            missing,
            wrongShape,
            unexpected(parameters),
            leftOut,
            initial,
            remarks(form, parameters));
    return new Outcome(report, form, flat);
  }

  private static List<String> remarks(PretrainedForm form, List<ForeignParameter> parameters) {
    List<String> remarks = new ArrayList<>(form.remarks());
    if (parameters.stream().anyMatch(parameter -> parameter.added() != 0)) {
      remarks.add(
          "BatchNorm adds %s to the variance there; running variances were shifted so that the"
                  .formatted(form.epsilon())
              + " answers are the same with ours");
    }
    return remarks;
  }

  /** The first of those whose names the file has most of. */
  private PretrainedForm likeliest() {
    List<PretrainedForm> forms = new ArrayList<>(PretrainedForms.of(target.network().name()));
    forms.add(PretrainedForm.own(graph));
    return forms.stream()
        .max(Comparator.comparingLong(this::known).thenComparing(forms::indexOf, (a, b) -> b - a))
        .orElseThrow();
  }

  private long known(PretrainedForm form) {
    return ForeignParameter.of(graph, flat, form).stream()
        .filter(parameter -> file.tensors().containsKey(parameter.name()))
        .count();
  }

  /** Layers whose arrays would differ with another number of classes, of auxiliary heads, too. */
  private Set<String> classifiers() {
    List<NetworkGraph.StoredArray> others =
        target.network().graph(target.input(), target.classes() + 1).storedArrays();
    Map<String, Integer> lengths =
        others.stream()
            .collect(
                Collectors.toMap(NetworkGraph.StoredArray::name, NetworkGraph.StoredArray::length));
    return graph.storedArrays().stream()
        .filter(array -> array.length() != lengths.get(array.name()))
        .map(array -> array.vertex().name())
        .collect(Collectors.toSet());
  }

  /** Layers that the network's answer does not depend on. */
  private Set<String> auxiliary() {
    return LayerCosts.of(target.network(), target.input(), target.classes()).stream()
        .filter(LayerCost::auxiliary)
        .map(LayerCost::name)
        .collect(Collectors.toSet());
  }

  private void keep(ForeignParameter parameter, StoredTensor tensor) {
    initial.add(parameter.parameter());
    if (tensor != null) {
      leftOut.add(parameter.name());
    }
  }

  private void take(ForeignParameter parameter, StoredTensor tensor) {
    String own = parameter.parameter();
    long[] expected = parameter.shape();
    if (tensor == null) {
      String name = parameter.name() == null ? "" : parameter.name();
      missing.add(new ImportReport.Missing(own, name, expected));
    } else if (!tensor.hasShape(expected)) {
      wrongShape.add(new ImportReport.WrongShape(own, parameter.name(), expected, tensor.shape()));
    } else {
      parameter.write(tensor.floats());
      matched.add(
          new ImportReport.Matched(own, parameter.name(), expected, tensor.type().toString()));
    }
  }

  private List<ImportReport.Unexpected> unexpected(List<ForeignParameter> parameters) {
    Set<String> known = parameters.stream().map(ForeignParameter::name).collect(Collectors.toSet());
    List<ImportReport.Unexpected> unexpected = new ArrayList<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.endsWith(COUNTER)) {
                leftOut.add(PrintableName.name(name));
              } else if (!known.contains(name)) {
                unexpected.add(
                    new ImportReport.Unexpected(PrintableName.name(name), tensor.shape()));
              }
            });
    return unexpected;
  }
}
