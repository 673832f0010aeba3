using Gain.Uring;

namespace Gain.Bench.RingCases;

/// <summary>Submissions of a given number of NOPs: the cost of an entry, an enter and a completion.</summary>
internal sealed class NopCase(uint batch) : IRingCase
{
    private readonly Ring _ring = RingWork.CreateRing();

    public void Run(int operations)
    {
        for (long done = 0; done < operations; done += batch)
        {
            for (uint i = 0; i < batch; i++)
            {
                SubmissionEntry entry = RingWork.Next(_ring);
                entry.PrepNop();
                entry.UserData = i;
            }

            RingWork.Submit(_ring, batch);
            _ = RingWork.Take(_ring, 0);
        }
    }

    public void Dispose() => _ring.Dispose();
}
