//! Oracle EBS Basic Telephony (UWQ), both ends.
