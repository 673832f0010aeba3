using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Gain.CompilerServices;

/// <summary>
/// What a protocol is made of: by default of itself alone. Only <see cref="ProtocolPair{TFirst, TSecond}"/>
/// says otherwise.
/// </summary>
/// <typeparam name="TSelf">The protocol itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IProtocolParts<TSelf>
    where TSelf : struct, IProtocol<TSelf>
{
    /// <summary>What it is called in messages.</summary>
    static virtual string DisplayName => typeof(TSelf).Name;

    /// <summary>
    /// What the generated code counts on: <see cref="ProtocolContract"/>. The generators of the first
    /// contract did not write it.
    /// </summary>
    static virtual int Contract => ProtocolContract.First;

    /// <summary>The contract of the handler's part.</summary>
    static virtual int ContractOf(ref TSelf handler) => TSelf.Contract;

    /// <summary>How many protocols it is made of. Constant.</summary>
    static virtual int Parts => 1;

    /// <summary>The callbacks that all of its parts declare. Constant.</summary>
    static virtual Callbacks Common => TSelf.Declared;

    /// <summary>What the handler's part is called in messages.</summary>
    static virtual string NameOf(ref TSelf handler) => TSelf.DisplayName;

    /// <summary>Which part a handler is of: 0 to <see cref="Parts"/> - 1.</summary>
    static virtual int PartOf(ref TSelf handler) => 0;

    /// <summary>Makes a handler of one of the parts' own.</summary>
    /// <typeparam name="THandler">The type of what there is.</typeparam>
    /// <param name="handler">The part's handler.</param>
    /// <param name="part">Which part: 0 to <see cref="Parts"/> - 1.</param>
    /// <param name="made">The handler.</param>
    /// <returns>False when the part is of another type.</returns>
    static virtual bool TryWrap<THandler>(in THandler handler, int part, out TSelf made)
        where THandler : struct
    {
        bool isOwn = typeof(THandler) == typeof(TSelf);
        made = isOwn ? Unsafe.As<THandler, TSelf>(ref Unsafe.AsRef(in handler)) : default;
        return isOwn;
    }

    /// <summary>Where a handler's part lies; a null reference where it is of another type.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="type">The type of the part.</param>
    static virtual ref byte Locate(ref TSelf handler, Type type) =>
        ref (type == typeof(TSelf)
            ? ref Unsafe.As<TSelf, byte>(ref handler)
            : ref Unsafe.NullRef<byte>());

    /// <summary>The callbacks that the handler's part declares.</summary>
    static virtual Callbacks DeclaredBy(ref TSelf handler) => TSelf.Declared;
}
