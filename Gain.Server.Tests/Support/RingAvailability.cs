namespace Gain.Tests.Server;

/// <summary>Whether the machine has a ring, found out as servers do.</summary>
internal static class RingAvailability
{
    /// <summary>Ignores the test on a machine without the ring.</summary>
    public static void Require(GainRing ring)
    {
        if (ring == GainRing.Uring && RingReport.Examine().Reason is { } reason)
        {
            Assert.Ignore($"io_uring cannot be used here: {reason}");
        }
    }
}
