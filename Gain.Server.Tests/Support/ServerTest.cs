namespace Gain.Tests.Server;

/// <summary>A test of whole servers, over each ring that the machine has.</summary>
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public abstract class ServerTest(GainRing ring) : ServerTestBase(ring);
