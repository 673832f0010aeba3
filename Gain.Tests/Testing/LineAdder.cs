using System.Globalization;
using System.Text;

namespace Gain.Tests.Testing;

/// <summary>A session that adds up the numbers of each line, waits in between, and ends with "bye".</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 100)]
internal partial struct LineAdder
{
    private static async Session OnSession(SessionContext s)
    {
        long sum = 0;
        while (await s.Frame())
        {
            if (!long.TryParse(s.Data, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number))
            {
                s.Send("wait\n"u8);
                if (!await s.Delay(TimeSpan.FromSeconds(1)))
                {
                    break;
                }

                continue;
            }

            sum += number;
            s.Send(Encoding.ASCII.GetBytes($"{sum}\n"));
        }

        s.Send("bye\n"u8);
    }
}
