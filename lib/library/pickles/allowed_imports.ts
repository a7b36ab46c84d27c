/**
 * Imports that a pickle may have without being flagged: those that `torch.load(weights_only=True)` allows
 * (`_get_allowed_globals()` in torch/_weights_only_unpickler.py of PyTorch, commit 00f730b), those that older PyTorch
 * versions wrote, those that checkpoints of Stable Diffusion and its trainers need in addition, and value types of
 * Python's standard library. Lists names, not modules, since every module also contains functions that execute their
 * arguments.
 */
const ALLOWED: Readonly<Record<string, string>> = {
  "builtins": "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple",
  "collections": "Counter OrderedDict defaultdict deque",
  "_codecs": "encode",
  "copyreg": "_reconstructor",
  "argparse": "Namespace",
  "types": "SimpleNamespace",
  "datetime": "date datetime time timedelta timezone",
  "decimal": "Decimal",
  "fractions": "Fraction",
  "uuid": "UUID",
  "pathlib": "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
  "numpy": "bool_ complex128 complex64 dtype float16 float32 float64 int16 int32 int64 int8 ndarray str_ " +
    "uint16 uint32 uint64 uint8",
  "numpy.core.multiarray": "_reconstruct scalar",
  "numpy._core.multiarray": "_reconstruct scalar",
  "numpy.core.numeric": "_frombuffer",
  "numpy._core.numeric": "_frombuffer",
  "numpy.dtypes":
    "BoolDType Complex128DType Complex64DType Float16DType Float32DType Float64DType Int16DType Int32DType " +
    "Int64DType Int8DType StrDType UInt16DType UInt32DType UInt64DType UInt8DType",
  "torch": "Size Tensor device " +
    "bfloat16 bool cdouble cfloat chalf complex128 complex32 complex64 double float float16 float32 float64 " +
    "float4_e2m1fn_x2 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half " +
    "int int1 int2 int3 int4 int5 int6 int7 int8 int16 int32 int64 long short " +
    "uint1 uint2 uint3 uint4 uint5 uint6 uint7 uint8 uint16 uint32 uint64 qint32 qint8 quint2x4 quint4x2 quint8 " +
    "per_channel_affine per_channel_affine_float_qparams per_channel_symmetric per_tensor_affine per_tensor_symmetric " +
    "contiguous_format channels_last channels_last_3d preserve_format " +
    "jagged sparse_bsc sparse_bsr sparse_coo sparse_csc sparse_csr strided " +
    "BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage " +
    "FloatStorage HalfStorage IntStorage LongStorage QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage " +
    "QUInt8Storage ShortStorage TypedStorage UntypedStorage " +
    "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor",
  "torch.cuda":
    "BFloat16Storage BoolStorage ByteStorage CharStorage DoubleStorage FloatStorage HalfStorage IntStorage " +
    "LongStorage ShortStorage BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor " +
    "LongTensor ShortTensor",
  "torch.storage": "TypedStorage UntypedStorage _TypedStorage _UntypedStorage",
  "torch.serialization": "_get_layout",
  "torch.nn": "Parameter",
  "torch.nn.parameter": "Buffer Parameter UninitializedBuffer UninitializedParameter",
  "torch._tensor": "Tensor _rebuild_from_type_v2",
  "torch.tensor": "Tensor",
  "torch._utils": "_rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy " +
    "_rebuild_meta_tensor_no_storage _rebuild_nested_tensor _rebuild_parameter _rebuild_parameter_with_state " +
    "_rebuild_qtensor _rebuild_sparse_csr_tensor _rebuild_sparse_tensor _rebuild_tensor _rebuild_tensor_v2 " +
    "_rebuild_tensor_v3 _rebuild_wrapper_subclass _rebuild_xla_tensor",
  "torch.nn.modules.activation": "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid " +
    "LogSoftmax Mish MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus " +
    "Softshrink Softsign Tanh Tanhshrink Threshold",
  "torch.nn.modules.batchnorm": "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm",
  "torch.nn.modules.channelshuffle": "ChannelShuffle",
  "torch.nn.modules.container": "ModuleDict ModuleList ParameterDict ParameterList Sequential",
  "torch.nn.modules.conv": "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d",
  "torch.nn.modules.dropout": "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout",
  "torch.nn.modules.flatten": "Flatten Unflatten",
  "torch.nn.modules.fold": "Fold Unfold",
  "torch.nn.modules.instancenorm": "InstanceNorm1d InstanceNorm2d InstanceNorm3d",
  "torch.nn.modules.linear": "Bilinear Identity Linear NonDynamicallyQuantizableLinear",
  "torch.nn.modules.normalization": "CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm",
  "torch.nn.modules.padding": "CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d " +
    "ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d " +
    "ZeroPad3d",
  "torch.nn.modules.pixelshuffle": "PixelShuffle PixelUnshuffle",
  "torch.nn.modules.pooling":
    "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d " +
    "AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d MaxPool1d " +
    "MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d",
  "torch.nn.modules.sparse": "Embedding EmbeddingBag",
  "torch.nn.modules.rnn": "GRU GRUCell LSTM LSTMCell RNN RNNCell",
  "torch.nn.modules.upsampling": "Upsample UpsamplingBilinear2d UpsamplingNearest2d",
  // Full checkpoints of the original trainer name the callback whose state they hold.
  "pytorch_lightning.callbacks.model_checkpoint": "ModelCheckpoint",
  "pytorch_lightning.callbacks.early_stopping": "EarlyStopping",
  "lightning.pytorch.callbacks.model_checkpoint": "ModelCheckpoint",
};

/** Module names of Python 2, which Python 3 accepts too, with their names in Python 3. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([["__builtin__", "builtins"], ["copy_reg", "copyreg"]]);

const NAMES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(ALLOWED).map(([module, names]) => [module, new Set(names.split(" "))]),
);

/**
 * Whether a pickle may import something: only names that are listed exactly as written. A name with a dot, such as
 * `Module.__init__` of `torch.nn`, is never allowed, since it reaches into other objects.
 *
 * @param module The module, such as `torch._utils`
 * @param name The name in it, such as `_rebuild_tensor_v2`
 * @returns True if it is known to be harmless with any arguments
 */
export function isAllowedImport(module: string, name: string): boolean {
  return NAMES.get(OLD_NAMES.get(module) ?? module)?.has(name) ?? false;
}
