using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Datagrams;

/// <summary>What is known of a socket for datagrams.</summary>
internal struct DatagramTraits
{
    /// <summary>AF_INET, AF_INET6 or AF_UNIX.</summary>
    public int Family;

    /// <summary>
    /// Whether each datagram tells where it arrived: the socket is bound to every address of the machine.
    /// </summary>
    public bool HasPacketInfo;

    /// <summary>The longest payload that can be sent.</summary>
    public int MaxBytes;

    /// <summary>Where it is bound.</summary>
    public sockaddr_storage LocalName;

    /// <summary>The bytes of <see cref="LocalName"/>.</summary>
    public uint LocalNameBytes;

    /// <summary>The first bytes of <see cref="LocalName"/>, as a head has those of the sender's.</summary>
    public readonly uint NameStart => Unsafe.As<sockaddr_storage, uint>(ref Unsafe.AsRef(in LocalName));

    /// <summary>Whether a sender's name is the socket's own, byte by byte.</summary>
    public readonly bool IsLocalName(ReadOnlySpan<byte> name) =>
        name.SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<sockaddr_storage>(in LocalName))
            [..(int)Math.Min(LocalNameBytes, (uint)Unsafe.SizeOf<sockaddr_storage>())]);
}
