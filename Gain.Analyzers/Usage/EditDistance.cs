using System;

namespace Gain.Analyzers.Usage;

/// <summary>How many slips of the keyboard lie between two names.</summary>
internal static class EditDistance
{
    /// <summary>
    /// The least number of letters inserted, left out, replaced, or swapped with their neighbour, no letter
    /// twice: the optimal string alignment distance.
    /// </summary>
    public static int Between(string left, string right)
    {
        // distance[i, j] is that of the first i letters from the first j.
        var distance = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                distance[i, j] = Next(left, right, i, j, distance);
            }
        }

        return distance[left.Length, right.Length];
    }

    private static int Next(string left, string right, int i, int j, int[,] distance)
    {
        if (i == 0 || j == 0)
        {
            return i + j;
        }

        int replaced = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        int least = Math.Min(replaced, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
        bool isSwapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isSwapped ? Math.Min(least, 1 + distance[i - 2, j - 2]) : least;
    }
}
