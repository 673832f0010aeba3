using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// Something that a ring is allowed to do, or has to do. From the first restriction on, everything else is
/// refused with EACCES. See <see cref="Ring.RegisterRestrictions"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Restriction
{
    private readonly io_uring_restriction _restriction;

    private Restriction(ushort kind, byte value)
    {
        _restriction = default;
        _restriction.opcode = kind;
        _restriction.sqe_op = value;
    }

    /// <summary>Allows an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The restriction.</returns>
    public static Restriction Allow(RingOperation operation) =>
        new(IORING_RESTRICTION.IORING_RESTRICTION_SQE_OP, (byte)operation);

    /// <summary>Allows a kind of registration.</summary>
    /// <param name="registration">The registration.</param>
    /// <returns>The restriction.</returns>
    public static Restriction Allow(RingRegistration registration) =>
        new(IORING_RESTRICTION.IORING_RESTRICTION_REGISTER_OP, (byte)registration);

    /// <summary>Allows flags of submissions.</summary>
    /// <param name="flags">The flags.</param>
    /// <returns>The restriction.</returns>
    public static Restriction Allow(SubmissionFlags flags) =>
        new(IORING_RESTRICTION.IORING_RESTRICTION_SQE_FLAGS_ALLOWED, (byte)flags);

    /// <summary>Demands flags of every submission.</summary>
    /// <param name="flags">The flags.</param>
    /// <returns>The restriction.</returns>
    public static Restriction Require(SubmissionFlags flags) =>
        new(IORING_RESTRICTION.IORING_RESTRICTION_SQE_FLAGS_REQUIRED, (byte)flags);
}
