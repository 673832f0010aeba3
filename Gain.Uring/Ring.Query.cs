using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

public sealed unsafe partial class Ring
{
    /// <summary>
    /// Asks the kernel what it supports; it needs no ring. Any thread. Linux 6.18,
    /// io_uring_register_query(3).
    /// </summary>
    /// <param name="query">The answer.</param>
    /// <returns>False when the kernel cannot tell: <see cref="GetProbe"/> then says more.</returns>
    public static bool TryQuery(out RingQuery query)
    {
        io_uring_query_opcode answer = default;
        const uint question = IO_URING_QUERY.IO_URING_QUERY_OPCODES;
        bool known = Query(question, &answer, sizeof(io_uring_query_opcode)) == 0;
        query = new RingQuery(
            answer.nr_request_opcodes, answer.nr_register_opcodes, (RingFeatures)answer.feature_flags,
            (RingSetupFlags)answer.ring_setup_flags, (uint)answer.enter_flags,
            (SubmissionFlags)answer.sqe_flags, answer.nr_query_opcodes);
        return known;
    }

    /// <summary>Asks the kernel something that this library does not know. Any thread. Linux 6.18.</summary>
    /// <param name="question">The kernel's <c>IO_URING_QUERY_*</c>.</param>
    /// <param name="answer">What it takes and tells.</param>
    /// <returns>0, or the negated errno: EINVAL where the kernel has no such question.</returns>
    public static int Query(uint question, Span<byte> answer)
    {
        fixed (byte* memory = answer)
        {
            return Query(question, memory, answer.Length);
        }
    }

    // SAFETY: the kernel writes to the answer during the call only, no more than its size.
    private static int Query(uint question, void* answer, int bytes)
    {
        io_uring_query_hdr head = default;
        head.query_op = question;
        head.query_data = (ulong)answer;
        head.size = (uint)bytes;
        int result = RingLibc.IoUringRegister(-1, IORING_REGISTER_QUERY, &head, 0);
        return result < 0 ? result : head.result;
    }
}
