"""How kernels are compiled: once, without the interpreter's lock, without counting references.

Arrays handed to these kernels outlive the call and nothing is allocated in
them, so counting references to arrays would be pure cost (three quarters of
the run time). The switch for it is not public in numba; where a version should
lack it, the kernels are compiled as usual and are merely slower.

A function that others call is by default optimised, translated and stored on
every level of the tree of calls above it, which takes as long again as all the
rest. A ``part`` is only read; what optimises, translates and stores it is the
one kernel that it ends up in.

A named tuple of many arrays is a hundred words to every function that gets it,
which takes longer to compile than what the function does. ``by_pointer`` hands
it on as one word; its fields are read as before.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import extending
from numba.core import cgutils as _cgutils
from numba.core import codegen as _codegen
from numba.core import compiler as _compiler
from numba.core import types as _types
from numba.core.typing import templates

cgutils: Any = _cgutils  # numba's own annotations are few
types: Any = _types
models: Any = extending.models
AttributeTemplate: Any = templates.AttributeTemplate
infer_getattr: Any = extending.infer_getattr
lower_getattr_generic: Any = extending.lower_getattr_generic
register_model: Any = extending.register_model
unbox: Any = extending.unbox
typeof: Any = numba.typeof
NativeValue: Any = extending.NativeValue
Library: Any = _codegen.JITCodeLibrary
Compiler: Any = _compiler.CompilerBase
Passes: Any = _compiler.DefaultPassBuilder

Function = TypeVar("Function", bound=Callable[..., object])
Tuple = TypeVar("Tuple")


def kernel(function: Function) -> Function:
    """A function on arrays and records, compiled on first use and kept on disk."""
    return _compiled(function, cache=True)


def part(function: Function) -> Function:
    """A function that only kernels call: Python cannot, except by its ``py_func``."""
    return _part(function, is_inlined=False)


def inlined(function: Function) -> Function:
    """A part on the way of every contact: written out wherever it is called, a tenth faster."""
    return _part(function, is_inlined=True)


def apart(function: Function) -> Function:
    """A large part with several callers: never written out in them, which compiles faster."""
    return _part(function, is_inlined=False, compiler=_ApartCompiler)


def _part(function: Function, *, is_inlined: bool, compiler: Any = None) -> Function:
    """Says of every part whether it is inlined, as they take after their callers otherwise."""
    return _compiled(
        function,
        no_cpython_wrapper=True,
        pipeline_class=compiler or _PartCompiler,
        forceinline=is_inlined,
    )


def _compiled(function: Function, **options: Any) -> Function:
    """Without counting references, where numba has a switch for it; x / 0 is what numpy says."""
    njit: Callable[..., Any] = numba.njit
    options |= {"nogil": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
    try:
        return cast(Function, _one_signature(njit(_nrt=False, **options)(function)))
    except (KeyError, TypeError):
        return cast(Function, _one_signature(njit(**options)(function)))


def _one_signature(dispatcher: Any) -> Any:
    """The same for every constant that callers write: numba would compile it for each anew."""
    template_of = dispatcher.get_call_template

    def get_call_template(arguments: Any, keywords: Any) -> Any:
        plain = [types.unliteral(argument) for argument in arguments]
        return template_of(plain, {k: types.unliteral(v) for k, v in keywords.items()})

    dispatcher.get_call_template = get_call_template
    return dispatcher


class _PartCode(Library):  # type: ignore[misc]
    """Code to link into kernels: never optimised nor translated by itself."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True

    @property
    def codegen(self) -> Any:
        """Where numba leaves what a function needs of Python."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Parts need nothing of Python."""


class _ApartCode(_PartCode):
    """Such code that stays a function of its own."""

    def _finalize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.add_function_attribute("noinline")
        super()._finalize_final_module()


class _PartCompiler(Compiler):  # type: ignore[misc]
    """The usual passes, into such code."""

    code = _PartCode

    def define_pipelines(self) -> list[Any]:
        """The passes."""
        state = self.state
        state.library = self.code(state.targetctx.codegen(), state.func_id.func_qualname)
        return [Passes.define_nopython_pipeline(state)]


class _ApartCompiler(_PartCompiler):
    """The usual passes, into code that stays a function of its own."""

    code = _ApartCode


class ByPointer(types.Type):  # type: ignore[misc]
    """A named tuple in the frame of a caller."""

    def __init__(self, fields: Any) -> None:
        self.fields = fields
        super().__init__(name=f"ByPointer({fields.name})")


@register_model(ByPointer)
class _Pointer(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, tuple_type: Any) -> None:
        super().__init__(manager, tuple_type, cgutils.voidptr_t)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = ByPointer

    def generic_resolve(self, tuple_type: Any, name: str) -> Any:
        """The type of a field."""
        return tuple_type.fields.types[tuple_type.fields.fields.index(name)]


@lower_getattr_generic(ByPointer)
def _field(context: Any, builder: Any, tuple_type: Any, pointer: Any, name: str) -> Any:
    """Read a field where the tuple lies."""
    layout = context.get_value_type(tuple_type.fields).as_pointer()
    at = tuple_type.fields.fields.index(name)
    return builder.load(cgutils.gep_inbounds(builder, builder.bitcast(pointer, layout), 0, at))


def _by_pointer(_: Any, fields: Any) -> Any:
    """Put a tuple into the frame of the caller."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        slot = cgutils.alloca_once_value(builder, arguments[0])
        return builder.bitcast(slot, cgutils.voidptr_t)

    return ByPointer(fields)(fields), generate


by_pointer = cast(Callable[[Tuple], Tuple], extending.intrinsic(_by_pointer))


class _Packed:
    """A named tuple that lies in memory as kernels read it: to hand it over takes one word."""

    __slots__ = ("_numba_type_", "address", "fields", "row")

    def __init__(self, fields: tuple[Any, ...]) -> None:
        self.fields = fields  # whose arrays the row points at
        self.row = np.array(words(fields), dtype=np.int64)
        self.address = self.row.ctypes.data
        self._numba_type_ = _pointer_to(typeof(fields))


def words(fields: tuple[Any, ...]) -> list[int]:
    """A named tuple of arrays, whole and real numbers as it lies in memory, in words of 8 bytes."""
    row: list[int] = []
    for one in fields:
        if isinstance(one, np.ndarray):
            row += [0, 0, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides]
        elif isinstance(one, float):
            row += struct.unpack("q", struct.pack("d", one))
        else:
            row.append(int(one))
    return row


@cache
def _pointer_to(fields: Any) -> ByPointer:
    """One type for each."""
    return ByPointer(fields)


@unbox(ByPointer)
def _unbox(_: Any, packed: Any, context: Any) -> Any:
    """Where a packed tuple lies."""
    address = context.pyapi.object_getattr_string(packed, "address")
    pointer = context.pyapi.long_as_voidptr(address)
    context.pyapi.decref(address)
    return NativeValue(pointer)


def _kept(_: Any, like: Any, table: Any, row: Any) -> Any:
    """The tuple whose words are a row of a table, of the type of ``like``."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table_type = signature.args[1]
        array = context.make_array(table_type)(context, builder, arguments[1])
        first = builder.mul(arguments[2], builder.extract_value(array.shape, 1))
        return builder.bitcast(builder.gep(array.data, [first]), cgutils.voidptr_t)

    return like(like, table, types.int64), generate


pack = cast(Callable[[Tuple], Tuple], _Packed)
kept = cast(Callable[[Tuple, Any, int], Tuple], extending.intrinsic(_kept))
