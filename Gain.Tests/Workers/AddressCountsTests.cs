using CsCheck;
using Gain.Workers;

namespace Gain.Tests.Workers;

public class AddressCountsTests
{
    [Test]
    public void Table_counts_as_a_dictionary_does()
    {
        const int Max = 32;
        const int Limit = 3;
        Gen.Select(Gen.Bool, Gen.Int[0, 20]).Array[0, 300].Sample(steps =>
        {
            var counts = new AddressCounts(Max, Limit);
            var expected = new Dictionary<int, int>();
            foreach ((bool adds, int address) in steps)
            {
                int had = expected.GetValueOrDefault(address);
                if (adds && expected.Values.Sum() < Max)
                {
                    Assert.That(counts.TryAdd(Spread(address)), Is.EqualTo(had < Limit));
                    expected[address] = Math.Min(Limit, had + 1);
                }
                else if (!adds && had > 0)
                {
                    counts.Remove(Spread(address));
                    expected[address] = had - 1;
                }
            }
        });
    }

    private static UInt128 Spread(int address) => ((UInt128)(uint)address << 70) | (uint)address;
}
