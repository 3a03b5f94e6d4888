#include "fashion_mnist/text.hpp"

#include <gtest/gtest.h>

namespace fashion_mnist
{

TEST(TextTest, PercentRoundsButNeverHidesAMistake)
{
    EXPECT_EQ(percent(0.9134, 1), "91.3 %");
    EXPECT_EQ(percent(0.0, 2), "0.00 %");
    EXPECT_EQ(percent(1.0, 2), "100.00 %");
    EXPECT_EQ(percent(0.99999, 2), "99.99 %");
    EXPECT_EQ(percent(0.9996, 1), "99.9 %");
    EXPECT_EQ(percent(0.86, 0), "86 %");
}

TEST(TextTest, NumbersAreGroupedByThousands)
{
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(TextTest, MarkupIsEscaped)
{
    EXPECT_EQ(escape_html("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    EXPECT_EQ(escape_html("T-shirt/top"), "T-shirt/top");
}

} // namespace fashion_mnist
