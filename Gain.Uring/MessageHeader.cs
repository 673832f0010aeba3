using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>A message of several pieces: the <c>struct msghdr</c> of sendmsg(2), on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
public unsafe struct MessageHeader
{
    /// <summary>The address to send to, or the room for the sender's; or null.</summary>
    // SAFETY: the caller's, until the completion of what the header is passed to.
    [FieldOffset(0)]
    public void* Name;

    /// <summary>The size of <see cref="Name"/> in bytes.</summary>
    [FieldOffset(8)]
    public uint NameLength;

    /// <summary>The pieces.</summary>
    // SAFETY: the caller's, until the completion of what the header is passed to.
    [FieldOffset(16)]
    public IoVector* Vectors;

    /// <summary>The number of the pieces.</summary>
    [FieldOffset(24)]
    public nuint VectorCount;

    /// <summary>Control data (cmsg(3)), or the room for it; or null.</summary>
    // SAFETY: the caller's, until the completion of what the header is passed to.
    [FieldOffset(32)]
    public void* Control;

    /// <summary>The size of <see cref="Control"/> in bytes.</summary>
    [FieldOffset(40)]
    public nuint ControlLength;

    /// <summary>MSG_* flags of what was received.</summary>
    [FieldOffset(48)]
    public int Flags;
}
