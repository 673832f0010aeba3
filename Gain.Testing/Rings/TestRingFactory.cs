using Gain.Rings;

namespace Gain.Testing.Rings;

/// <summary>Hands the ring to its worker.</summary>
internal sealed class TestRingFactory(TestKernel kernel) : IRingFactory<TestRing>
{
    public TestRing Create(RingSettings settings) => new(kernel);
}
