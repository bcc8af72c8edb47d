"""ONNX -> TensorFlow's SavedModel with onnx2tf: channels last, height and width open."""

from pathlib import Path

import onnx
from onnx import ModelProto, numpy_helper

from converter.layout import Arrays, channels_first, channels_last, channels_last_shape
from training.export import Export


def to_tensorflow(onnx_file: Path, export: Export, folder: Path) -> None:
    """Write a SavedModel whose inputs and outputs are named as the export's ports."""
    import onnx2tf
    import tensorflow as tf

    copy = onnx_file.with_stem("copy")  # onnx2tf rewrites the file it is given
    onnx.save(_with_sums_along(onnx.load(onnx_file)), copy)
    model = onnx2tf.convert(
        input_onnx_file_path=str(copy),
        output_folder_path=str(folder),
        not_use_opname_auto_generate=True,
        disable_model_save=True,  # it would write TFLite too, and name the inputs its own way
        non_verbose=True,
    )

    def call(*tensors: tf.Tensor) -> dict[str, tf.Tensor]:
        by_name = {port.name: tensor for port, tensor in zip(export.inputs, tensors, strict=True)}
        results = tf.nest.flatten(model([by_name[each.name] for each in model.inputs]))
        return {port.name: result for port, result in zip(export.outputs, results, strict=True)}

    signature = [tf.TensorSpec(channels_last_shape(port.shape), name=port.name) for port in export.inputs]
    module = tf.Module()
    module.model, module.call = model, tf.function(call, input_signature=signature)
    tf.saved_model.save(module, str(folder), signatures=module.call)


def _with_sums_along(model: ModelProto) -> ModelProto:
    """The model with the axes of running sums as they are once channels come last: onnx2tf leaves them as they were."""
    for node in model.graph.node:
        if node.op_type == "CumSum":
            [axis] = (each for each in model.graph.initializer if each.name == node.input[1])
            moved = numpy_helper.to_array(axis) - 1  # of [N,C,H,W] 2 and 3, of [N,H,W,C] 1 and 2
            node.input[1] = f"{node.name}.axis"
            model.graph.initializer.append(numpy_helper.from_array(moved, node.input[1]))
    return model


def run_tensorflow(folder: Path, inputs: Arrays) -> Arrays:
    """Execute in TensorFlow; takes and gives torch's layout."""
    import tensorflow as tf

    signature = tf.saved_model.load(str(folder)).signatures["serving_default"]
    tensors = {name: tf.constant(channels_last(array)) for name, array in inputs.items()}
    return {name: channels_first(tensor.numpy()) for name, tensor in signature(**tensors).items()}
